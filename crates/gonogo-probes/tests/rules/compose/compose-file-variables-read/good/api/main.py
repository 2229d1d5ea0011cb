import os
path = os.getenv("API_KEY_FILE")
key = open(path).read() if path else os.getenv("API_KEY")
