import { Mailer } from "./mailer";
export const mailer = new Mailer();
