FROM base
# Debian guards its Python against pip (PEP 668); in an image of one application there is nothing to guard.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3 python3-pip python3-venv \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /usr/share/doc/* /usr/share/man/* \
           /usr/lib/python3*/EXTERNALLY-MANAGED \
 && ln -s /usr/bin/python3 /usr/local/bin/python3 && ln -s /usr/bin/python3 /usr/local/bin/python \
 && ln -s /usr/bin/pip3 /usr/local/bin/pip3 && ln -s /usr/bin/pip3 /usr/local/bin/pip \
 && python --version && pip --version
CMD ["python3"]
