# One image for web, worker and beat; compose.yaml gives each its command. Continuous integration does not build it.
FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/vru
COPY requirements/runtime.txt requirements/runtime.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/runtime.txt
COPY . .
ENV PYTHONUNBUFFERED=1 VRU_PRODUCTION=1 VRU_VAR_DIR=/var/lib/vru
# The build needs settings that only look like production's; none of them reaches the image's environment.
RUN useradd --system vru && mkdir -p /var/lib/vru && chown vru /var/lib/vru
USER vru
RUN DJANGO_SECRET_KEY=only-for-collecting-static-files-while-the-image-is-built DJANGO_ALLOWED_HOSTS=build \
    VRU_SITE_URL=https://build.invalid DATABASE_URL=sqlite:////var/lib/vru/build.sqlite3 REDIS_URL=redis://build \
    python manage.py collectstatic --no-input
EXPOSE 8000
CMD ["gunicorn", "vru.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4"]
