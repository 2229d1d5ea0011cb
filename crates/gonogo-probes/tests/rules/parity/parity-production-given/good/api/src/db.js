const url = process.env.DATABASE_URL;
// process.env.OLD_NAME was read here
const level = process.env.LOG_LEVEL || "info";
