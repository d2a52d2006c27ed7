FROM scratch
ADD root.tar /
# The first is what update-ca-certificates reads, the second what it makes of it: both trust what the host trusts.
COPY certificates.pem /usr/local/share/ca-certificates/host.crt
COPY certificates.pem /etc/ssl/certs/ca-certificates.crt
# Go, uv and OpenSSL read the first; node and pip bring lists of their own and want to be told.
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt \
    PIP_CERT=/etc/ssl/certs/ca-certificates.crt
CMD ["bash"]
