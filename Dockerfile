# The command line in an image without a shell: docker run --rm -v "$PWD:/work" IMAGE plan
FROM node:22.20.0-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY schemas schemas
COPY docs/errors.md docs/errors.md
COPY src src
RUN npm run build

# The build put the packages into the command line, so none are installed here.
FROM gcr.io/distroless/nodejs22-debian12:nonroot
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="cometform" \
      org.opencontainers.image.description="Declarative provisioning for CometChat apps" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build /src/package.json /opt/cometform/package.json
COPY --from=build /src/schemas /opt/cometform/schemas
COPY --from=build /src/docs/errors.md /opt/cometform/docs/errors.md
COPY --from=build /src/dist/cli /opt/cometform/dist/cli
ENV NODE_ENV=production
WORKDIR /work
# By number, so that Kubernetes can tell that it is not root.
USER 65532:65532
ENTRYPOINT ["/nodejs/bin/node", "/opt/cometform/dist/cli/main.js"]
CMD ["--help"]
