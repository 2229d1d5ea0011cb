package metrics

import "github.com/prometheus/client_golang/prometheus"

var (
	depth = prometheus.NewGauge(prometheus.GaugeOpts{Name: "shop_queue_depth", Help: "Waiting."})
	degraded = prometheus.NewGauge(prometheus.GaugeOpts{Name: "shop_degraded_mode", Help: "1 in degraded mode."})
)
