package database

import "github.com/gocql/gocql"

// Connect opens a session of the message store.
func Connect(hosts []string) (*gocql.Session, error) {
	cluster := gocql.NewCluster(hosts...)
	cluster.Keyspace = "messages"
	cluster.Consistency = gocql.Quorum
	return cluster.CreateSession()
}
