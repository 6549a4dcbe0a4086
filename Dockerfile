# Filter, inventory and stand-in provider in one image: the command says which. See docs/compose.md.
#
#   docker build -t sluice .
#   docker build -t sluice --build-arg BASE_IMAGE=registry.example/node:24 .   # any Debian with Node 24
ARG BASE_IMAGE=node:24-slim

FROM ${BASE_IMAGE} AS packages
WORKDIR /app
RUN apt-get update && apt-get install -y --no-install-recommends g++ make python3
COPY package.json package-lock.json ./
# re2 is the one package that is compiled. Its own install script would fetch a binary from elsewhere, so it is built here from its sources
# and against the headers of the Node that runs it; what only the compiler needed is left behind.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && node node_modules/node-gyp/bin/node-gyp.js rebuild --jobs max --directory node_modules/re2 \
    --nodedir "$(node -p 'path.resolve(process.execPath, "../..")')" \
  && cp node_modules/re2/build/Release/re2.node /tmp/re2.node \
  && rm -rf node_modules/re2/build node_modules/re2/vendor \
  && mkdir -p node_modules/re2/build/Release && mv /tmp/re2.node node_modules/re2/build/Release/ \
  && node -e "new (require('re2'))('a')"

# The web page of the inventory. What bundles it stays here.
FROM ${BASE_IMAGE} AS dashboard
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --include=dev --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY dashboard dashboard
RUN node dashboard/build.js

FROM ${BASE_IMAGE}
ENV NODE_ENV=production MALLOC_ARENA_MAX=1 SLUICE_LISTEN=0.0.0.0:9000 XDG_STATE_HOME=/var/lib
# The admin address stands before the workers (SLUICE_WORKERS), so that the health check finds it with any number of them.
ENV SLUICE_ADMIN=127.0.0.1:8999
# The only place that is written: credentials' key and the inventory's database. The root file system may be read-only.
RUN install -d -m 0700 -o 10001 -g 10001 /var/lib/sluice
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY deploy/health.js deploy/
COPY src src
COPY --from=dashboard /app/dashboard/built dashboard/built
USER 10001:10001
VOLUME /var/lib/sluice
EXPOSE 9000
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=3 CMD ["node", "deploy/health.js", "http://127.0.0.1:8999/readyz"]
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "--max-semi-space-size=8", "--no-allocation-site-pretenuring", "--expose-gc", "src/cli.ts"]
CMD ["serve"]
