# One image for every process of helpdesk-mcp (migrate, worker, server, simulated Atera): they differ by their command.
# Postgres is another container, so the embedded one stays out: it is an extra that nothing here asks for.
ARG PYTHON_VERSION=3.13

FROM python:${PYTHON_VERSION}-slim AS build
RUN pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore 'uv>=0.13,<0.14'
ENV UV_PROJECT_ENVIRONMENT=/opt/helpdesk-mcp \
    UV_PYTHON_DOWNLOADS=never \
    UV_LINK_MODE=copy \
    UV_COMPILE_BYTECODE=1
WORKDIR /src
COPY . .
# Versions come from constraint-dependencies in pyproject.toml. --all-packages: every folder of plugins/ is installed too.
RUN --mount=type=cache,target=/var/cache/uv UV_CACHE_DIR=/var/cache/uv uv sync --quiet --all-packages --no-dev --no-editable

FROM python:${PYTHON_VERSION}-slim
# Nothing in here installs or builds anything any more.
RUN rm -rf /usr/local/bin/pip* /usr/local/lib/python3.*/site-packages/pip* /usr/local/lib/python3.*/ensurepip \
 && useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin helpdesk \
 && install --directory --owner=helpdesk --group=helpdesk /data
COPY --from=build /opt/helpdesk-mcp /opt/helpdesk-mcp
ENV PATH=/opt/helpdesk-mcp/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HELPDESK_DATA_DIR=/data
# By number, so that Kubernetes and the like can tell that it is not root.
USER 10001:10001
WORKDIR /data
ENTRYPOINT ["helpdesk-mcp"]
CMD ["--help"]
