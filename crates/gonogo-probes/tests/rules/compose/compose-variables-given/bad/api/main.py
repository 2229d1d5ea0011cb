import os

import psycopg

# os.environ["OLD_NAME"] was read here
url = os.environ["DATABASE_URL"]
level = os.environ.get("LOG_LEVEL", "info")
