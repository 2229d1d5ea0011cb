// Package metrics has what the services of the talk backend expose.
package metrics

import "github.com/prometheus/client_golang/prometheus"

var (
	HTTPRequests = prometheus.NewCounterVec(
		prometheus.CounterOpts{Name: "http_requests_total", Help: "Requests answered."},
		[]string{"method", "path", "status"},
	)
	HTTPDuration = prometheus.NewHistogramVec(
		prometheus.HistogramOpts{Name: "http_request_duration_seconds", Help: "Time to answer."},
		[]string{"method", "path"},
	)
	RequestTimeouts = prometheus.NewCounterVec(
		prometheus.CounterOpts{Name: "request_timeout_total", Help: "Requests that ran out of time."},
		[]string{"path"},
	)
	DBErrors = prometheus.NewCounterVec(
		prometheus.CounterOpts{Name: "db_query_errors_total", Help: "Queries that failed."},
		[]string{"operation", "table"},
	)
	DBDuration = prometheus.NewHistogramVec(
		prometheus.HistogramOpts{Name: "db_query_duration_seconds", Help: "Time of queries."},
		[]string{"operation", "table"},
	)
	RedisErrors = prometheus.NewCounterVec(
		prometheus.CounterOpts{Name: "redis_errors_total", Help: "Commands that failed."},
		[]string{"command"},
	)
	RedisDuration = prometheus.NewHistogramVec(
		prometheus.HistogramOpts{Name: "redis_command_duration_seconds", Help: "Time of commands."},
		[]string{"command"},
	)
	RedisConnections = prometheus.NewGauge(
		prometheus.GaugeOpts{Name: "redis_connections", Help: "Open connections."},
	)
	RedisDegraded = prometheus.NewGauge(
		prometheus.GaugeOpts{Name: "redis_degraded_mode", Help: "1 when limits are kept in memory."},
	)
	MinioBreaker = prometheus.NewGauge(
		prometheus.GaugeOpts{Name: "minio_circuit_breaker_open", Help: "1 when storage is not asked."},
	)
	Websockets = prometheus.NewGauge(
		prometheus.GaugeOpts{Name: "websocket_connections", Help: "Open sockets."},
	)
	Calls = prometheus.NewGauge(
		prometheus.GaugeOpts{Name: "calls_active", Help: "Calls under way."},
	)
)
