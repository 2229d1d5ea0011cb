const express = require("express");
const app = express();
app.get("/health", live);
app.get("/orders", list);
app.get("/orders/:id", one);
app.get("/customers", customers);
app.listen(8080);
