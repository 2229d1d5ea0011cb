package metrics

import "github.com/prometheus/client_golang/prometheus"

var (
	depth = prometheus.NewGauge(prometheus.GaugeOpts{Name: "shop_queue_depth", Help: "Waiting."})
	timeouts = prometheus.NewCounter(prometheus.CounterOpts{Name: "shop_timeouts_total", Help: "Timeouts."})
)
