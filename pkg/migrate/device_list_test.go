package migrate

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// TestTripleQuotes has the forms of a password that Grafana's manual wants in three quotes.
func TestTripleQuotes(t *testing.T) {
	for value, want := range map[string]Severity{
		`"""Gr#af;ana9"""`:    High,
		`'''Gr#af;ana9'''`:    High,
		`"""Gr"af"ana9"""`:    High,
		`"""${SMTP_PASS}"""`:  Medium,
		`"""changeme"""`:      Low,
		`""""""`:              Medium, // the user is named
		`"Gr#af;ana9"`:        High,
		`$__file{/etc/smtp}`:  Medium,
		`"""$__env{SMTP_PW}"`: Medium,
	} {
		ini := "[smtp]\nhost = smtp.office365.com:587\nuser = alerts@contoso.example\npassword = " + value + "\n"
		r, err := ScanReader(context.Background(), "grafana.ini", strings.NewReader(ini), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Findings) != 1 || r.Findings[0].Severity != want {
			t.Errorf("%s: %v, want %s", value, told(r.Findings), want)
		}
	}
}

// TestLongDeviceList is longer than what is judged of another file.
func TestLongDeviceList(t *testing.T) {
	var b strings.Builder
	b.WriteString("Device;SMTP server;User;Password\n")
	for i := range 500 {
		fmt.Fprintf(&b, "Copier %d;smtp.office365.com;c%d@contoso.example;Sp4rrow-Hill\n", i, i)
	}
	r, err := ScanReader(context.Background(), "devices.csv", strings.NewReader(b.String()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Summary.High != 500 || len(r.Unread) != 0 || r.Findings[499].Line != 501 {
		t.Errorf("%d high, %d unread", r.Summary.High, len(r.Unread))
	}
}

// TestDeviceListIsNoReport keeps the tables apart: what an administrator exports holds no password,
// and what somebody typed is none of the exports.
func TestDeviceListIsNoReport(t *testing.T) {
	for _, f := range fixtures(t) {
		if f.rule != "device-list" {
			continue
		}
		for _, file := range f.files {
			if kind := RecognizeReport(file.Name, file.Data); kind != "" {
				t.Errorf("%s/%s is read as %s", f.name, file.Name, kind)
			}
		}
	}
	for _, head := range []string{
		"Sender address,Authentication protocol,Messages sent,TLS 1.2 (%)\n",
		"Date (UTC),User,Username,Client app,IP address,Status,Sign-in error code\n",
		"PrimarySmtpAddress;SmtpClientAuthenticationDisabled;UserPrincipalName\n",
		"Name,AllowBasicAuthSmtp,AllowBasicAuthPop\n",
		"message_trace_id,sender_address,recipient_status,original_client_ip,server_hostname\n",
	} {
		if d := newDocument("export.csv", "export.csv", []byte(head+"a,smtp.office365.com,b,c,d\n")); d.deviceList() != nil {
			t.Errorf("a device list: %s", head)
		}
	}
}

// TestDeviceListColumns reads headers as people write them.
func TestDeviceListColumns(t *testing.T) {
	for header, want := range map[string]string{
		"Gerät;SMTP-Server;SMTP-Benutzer;SMTP-Passwort":               "2 3",
		"Gerät;IP;Login;Kennwort;Mailserver;Mail-Konto;Mail-Kennwort": "5 6",
		"Device,Mail server,From address,Password":                    "2 3",
		"Model\tRelay host\tUsername\tPwd":                            "2 3",
		"Machine;Serveur SMTP;Utilisateur;Mot de passe":               "2 3",
		"Dispositivo;Servidor;Usuario;Contraseña":                     "2 3",
		"Device,Mail server,User":                                     "",
		"Device,User,Password":                                        "",
		"Server,Password policy,User":                                 "",
		"server = smtp.contoso.example, user, password":               "",
	} {
		got := ""
		if l := newDocument("l.csv", "l.csv", []byte(header+"\n")).deviceList(); l != nil {
			got = fmt.Sprint(l.columns[1]-1, " ", l.columns[2]-1)
		}
		if got != want {
			t.Errorf("%s: columns %q, want %q", header, got, want)
		}
	}
}
