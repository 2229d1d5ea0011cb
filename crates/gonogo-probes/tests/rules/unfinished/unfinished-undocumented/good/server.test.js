app.get("/customers", customers);
