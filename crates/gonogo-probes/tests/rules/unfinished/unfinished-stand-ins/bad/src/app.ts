import { MockMailer } from "./mailer";
export const mailer = new MockMailer();
