export class MockMailer {}
