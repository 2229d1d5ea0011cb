export class Mailer {}
export class MockMailer {}
