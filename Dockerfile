# The portal's image: one for web, workers, beat and migrations; docker-compose.yml names the command of each.

FROM node:22-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PATH=/opt/venv/bin:$PATH
RUN python -m venv /opt/venv
WORKDIR /app
COPY requirements/production.txt requirements/
RUN pip install --require-hashes -r requirements/production.txt
COPY . .
COPY --from=assets /app/node_modules node_modules
# Collecting static files reads the settings, which ask for what only a running portal needs; no value stays.
RUN python -m portal.assets \
 && PORTAL_MODE=production SECRET_KEY=unused-while-building-0123456789-0123456789-0123456789 \
    SITE_URL=https://portal.example.org ALLOWED_HOSTS=portal.example.org DEFAULT_FROM_EMAIL=portal@example.org \
    DATABASE_URL=postgresql://unused REDIS_URL=redis://unused \
    python manage.py collectstatic --noinput -v 0 \
 && python -m compileall -q portal campaigns meetings trainings research legislation surveys partners mailing \
 && rm -rf node_modules

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PORTAL_MODE=production PORTAL_VAR=/app/var GRANIAN_WORKERS=2 GRANIAN_BLOCKING_THREADS=4
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin portal
COPY --from=build /opt/venv /opt/venv
COPY --from=build --chown=root:root /app /app
# Uploads, files made from the data and beat's schedule are all that the portal ever writes.
RUN mkdir -p /app/var/media /app/var/private && chown portal:portal /app/var /app/var/media /app/var/private
WORKDIR /app
USER portal
VOLUME /app/var/media /app/var/private
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "docker/healthcheck.py", "web"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--no-ws", "--respawn-failed-workers", "portal.wsgi:application"]
