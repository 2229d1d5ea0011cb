package database

import "github.com/prometheus/client_golang/prometheus"

var degraded = prometheus.NewGauge(prometheus.GaugeOpts{Name: "redis_degraded_mode"})

func init() {
	prometheus.MustRegister(degraded)
}
