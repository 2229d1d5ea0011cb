class Mailer:
    def send(self):
        raise NotImplementedError
