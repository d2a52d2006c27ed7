FROM base
# The wheel's bin/npm and bin/npx look for the Python package they came with.
COPY --from=toolkit --exclude=bin/npm --exclude=bin/npx --exclude=bin/corepack --exclude=include --exclude=share \
     --exclude=lib/node_modules/corepack --exclude=**/__pycache__ --exclude=*.py . /usr/local/
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \
 && ln -s node /usr/local/bin/nodejs \
 && groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node \
 && node --version && npm --version
CMD ["node"]
