openssl req -x509 -newkey ec -nodes -keyout dev/localhost.key -subj /CN=localhost
