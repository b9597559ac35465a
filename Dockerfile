# One file, three images: `web` (no torch), `worker-cpu` (torch's CPU build) and `worker-gpu` (torch with CUDA).
#   docker build --target web -t beatsight-web .

FROM python:3.11-slim AS base
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PATH=/opt/venv/bin:$PATH \
    DJANGO_SETTINGS_MODULE=beatsight.settings.prod BEATSIGHT_DATA_DIR=/data
RUN useradd --uid 10001 --create-home beatsight && install -d -o beatsight -g beatsight /data
WORKDIR /app

# The packages are built apart from the code, so that a change of code rebuilds in seconds.
FROM base AS web-packages
COPY requirements requirements
RUN pip install --no-cache-dir -r requirements/installer.txt && python -m venv --without-pip /opt/venv \
    && uv pip install --no-cache --compile-bytecode --python /opt/venv/bin/python \
       -c requirements/constraints.txt -r requirements/web.txt

FROM web-packages AS cpu-packages
RUN uv pip install --no-cache --compile-bytecode --python /opt/venv/bin/python --torch-backend cpu \
       -c requirements/constraints.txt -r requirements/web.txt -r requirements/worker.txt

FROM web-packages AS gpu-packages
RUN uv pip install --no-cache --compile-bytecode --python /opt/venv/bin/python \
       -c requirements/constraints.txt -r requirements/worker-gpu.txt

FROM base AS web
COPY --from=web-packages /opt/venv /opt/venv
COPY . .
# Collecting files reads the settings, and those refuse to load half-configured; nothing here is connected to or kept.
RUN SECRET_KEY=build JWT_PRIVATE_KEY=build ALLOWED_HOSTS=build CLAMD_URL=tcp://build:1 \
    DATABASE_URL=postgresql://build/build REDIS_URL=redis://build:1 \
    S3_ENDPOINT_URL=http://build:1 AWS_ACCESS_KEY_ID=build AWS_SECRET_ACCESS_KEY=build \
    python manage.py collectstatic --noinput
USER beatsight
EXPOSE 8000
CMD ["sh", "-c", "python manage.py migrate --noinput && python manage.py prepare_storage && exec uvicorn beatsight.asgi:application --host 0.0.0.0 --port 8000 --proxy-headers --forwarded-allow-ips '*' --timeout-graceful-shutdown 20"]

FROM base AS worker-cpu
COPY --from=cpu-packages /opt/venv /opt/venv
COPY . .
USER beatsight
CMD ["celery", "-A", "beatsight", "worker", "--loglevel=INFO", "--queues=default,mail,fingerprint", "--concurrency=2"]

FROM base AS worker-gpu
# The host's driver comes in through the NVIDIA container toolkit; CUDA's own libraries come with torch.
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
COPY --from=gpu-packages /opt/venv /opt/venv
COPY . .
USER beatsight
CMD ["celery", "-A", "beatsight", "worker", "--loglevel=INFO", "--queues=gpu-priority,gpu", "--pool=solo", "--concurrency=1", "--prefetch-multiplier=1"]
