import { MockMailer } from "./mailer";
const mailer = new MockMailer();
