SET lock_timeout = '5s';
CREATE TABLE things (id bigserial PRIMARY KEY, total_price numeric(12,2), price_ratio real, weight real);
