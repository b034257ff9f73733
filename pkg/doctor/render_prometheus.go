package doctor

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
)

// WritePrometheus writes a report for the textfile collector of node_exporter, in the text format
// 0.0.4, always in the same order. The time of the last run without a failure is a Record's to
// remember; zero leaves it out.
//
// https://github.com/prometheus/docs/blob/main/content/docs/instrumenting/exposition_formats.md
func WritePrometheus(w io.Writer, r Report, lastSuccess time.Time) error {
	m := metricsWriter{profile: r.Profile}
	m.checks(r)
	m.durations(r)
	m.causes(r)
	for _, e := range r.expiries() {
		m.family(e.what+"_expires_timestamp_seconds", "When the "+e.what+" expires, or expired.")
		m.sample(e.what+"_expires_timestamp_seconds", seconds(e.at))
	}
	m.family("last_run_timestamp_seconds", "When the last run began.")
	m.sample("last_run_timestamp_seconds", seconds(r.Time))
	if !lastSuccess.IsZero() {
		m.family("last_success_timestamp_seconds", "When the last run without a failure began.")
		m.sample("last_success_timestamp_seconds", seconds(lastSuccess))
	}
	if _, err := w.Write(m.b.Bytes()); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

const metricPrefix = "o365mail_doctor_"

type metricsWriter struct {
	b       bytes.Buffer
	profile string
}

func (m *metricsWriter) family(name, help string) {
	m.b.WriteString("# HELP " + metricPrefix + name + " " + help + "\n# TYPE " + metricPrefix + name + " gauge\n")
}

// sample writes one value; labels are names and values by turns, beside the profile.
func (m *metricsWriter) sample(name, value string, labels ...string) {
	m.b.WriteString(metricPrefix + name + "{")
	for i := 0; i+1 < len(labels); i += 2 {
		m.b.WriteString(labels[i] + `="` + labelValue(labels[i+1]) + `",`)
	}
	m.b.WriteString(`profile="` + labelValue(m.profile) + `"} ` + value + "\n")
}

// labelValue escapes as the format asks; line ends have become spaces before.
func labelValue(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(oneLine(text))
}

// checks gives each check one series per state, of which one is 1: a state that a check leaves is
// then 0 and not absent.
func (m *metricsWriter) checks(r Report) {
	m.family("check", "Whether a check is in this state.")
	for _, one := range r.Results {
		for _, s := range statuses() {
			value := "0"
			if one.Status == s {
				value = "1"
			}
			m.sample("check", value, "check", one.ID, "state", string(s))
		}
	}
}

func (m *metricsWriter) durations(r Report) {
	m.family("check_duration_seconds", "How long a check took.")
	for _, one := range r.Results {
		if one.Status != Blocked && one.Status != Skip {
			m.sample("check_duration_seconds", decimal(float64(one.Millis)/1000), "check", one.ID)
		}
	}
}

// causes make an alert say what to do about it.
func (m *metricsWriter) causes(r Report) {
	m.family("cause", "What is at the root of a failure or a warning; always 1.")
	seen := map[[2]string]bool{}
	for _, c := range r.Causes {
		if key := [2]string{c.Check, c.Code}; !seen[key] {
			seen[key] = true // a series must not occur twice
			m.sample("cause", "1", "check", c.Check, "code", c.Code, "state", string(c.Status), "who", c.Who)
		}
	}
}

func seconds(t time.Time) string { return decimal(float64(t.UnixMilli()) / 1000) }
