token = open("/etc/token").read()
