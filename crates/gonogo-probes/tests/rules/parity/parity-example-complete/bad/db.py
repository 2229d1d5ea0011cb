import os

url = os.environ["DATABASE_URL"]
level = os.environ.get("LOG_LEVEL", "info")
