package main

import "github.com/prometheus/client_golang/prometheus"

var orders = prometheus.NewCounter(prometheus.CounterOpts{Name: "shop_orders_total", Help: "Orders."})
