package metrics

import "github.com/prometheus/client_golang/prometheus"

var (
	requests = prometheus.NewCounterVec(
		prometheus.CounterOpts{
			Name: "shop_requests_total",
			Help: "Requests.",
		},
		[]string{"method", "status"},
	)
	errors = prometheus.NewCounterVec(
		prometheus.CounterOpts{Name: "shop_db_errors_total", Help: "Errors."},
		[]string{"operation"},
	)
)
