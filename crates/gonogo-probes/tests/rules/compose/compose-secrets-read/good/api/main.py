token = open("/secrets/payment_token").read()
