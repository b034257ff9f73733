package migrate

import "time"

// What the reports say, in the document of --format json.
type (
	usageDocument struct {
		Reports            []reportDocument      `json:"reports"`
		Tenant             tenantDocument        `json:"tenant"`
		Senders            []senderDocument      `json:"senders"`
		SendersWithoutFile []string              `json:"senders_without_file"`
		FilesWithoutSender []string              `json:"files_without_sender"`
		Applications       []applicationDocument `json:"applications"`
		Others             int                   `json:"others"`
	}
	reportDocument struct {
		Path    string           `json:"path"`
		Kinds   []ReportKind     `json:"kinds"`
		Rows    int              `json:"rows"`
		Foreign int              `json:"foreign_rows"`
		Before  int              `json:"rows_before_since"`
		Undated int              `json:"undated_rows"`
		Bad     int              `json:"bad_rows"`
		BadRows []badRowDocument `json:"bad_row_list"`
		Broken  string           `json:"broken,omitempty"`
		NoDates bool             `json:"no_dates"`
	}
	badRowDocument struct {
		Row int    `json:"row"`
		Why string `json:"why"`
	}
	tenantDocument struct {
		SMTPAuth      Switch `json:"smtp_auth"`
		DefaultPolicy string `json:"default_authentication_policy"`
		DirectSend    Switch `json:"direct_send"`
		OAuth         Switch `json:"modern_authentication"`
	}
	senderDocument struct {
		Mailbox        string           `json:"mailbox"`
		BasicMessages  int64            `json:"basic_messages"`
		OAuthMessages  int64            `json:"oauth_messages"`
		OtherMessages  int64            `json:"messages_of_unnamedauthentication"`
		BasicSignIns   int64            `json:"basic_sign_ins"`
		RefusedSignIns int64            `json:"refused_sign_ins"`
		Traced         int64            `json:"traced_messages"`
		OldTLS         bool             `json:"old_tls"`
		First          *time.Time       `json:"first"`
		Last           *time.Time       `json:"last"`
		Exposure       Exposure         `json:"exposure"`
		Policy         string           `json:"authentication_policy"`
		Clients        []clientDocument `json:"addresses"`
		OtherClients   int              `json:"other_addresses"`
		Files          []string         `json:"files"`
	}
	clientDocument struct {
		Address string     `json:"address"`
		SignIns int64      `json:"sign_ins"`
		Refused int64      `json:"refused"`
		Traced  int64      `json:"traced_messages"`
		Last    *time.Time `json:"last"`
	}
	applicationDocument struct {
		Name    string `json:"name"`
		SignIns int64  `json:"sign_ins"`
	}
)

func (a *Answer) usageDocument() *usageDocument {
	u := a.Usage
	if u == nil {
		return nil
	}
	doc := &usageDocument{
		Reports: []reportDocument{}, Senders: []senderDocument{}, SendersWithoutFile: []string{}, FilesWithoutSender: places(u.Unmatched),
		Applications: []applicationDocument{}, Others: u.Others, Tenant: tenantDocument(u.Tenant),
	}
	for _, r := range u.Reports {
		doc.Reports = append(doc.Reports, r.document())
	}
	for _, s := range u.Senders {
		doc.Senders = append(doc.Senders, s.document())
	}
	for _, s := range u.WithoutFile() {
		doc.SendersWithoutFile = append(doc.SendersWithoutFile, s.Mailbox)
	}
	for _, p := range u.Applications {
		doc.Applications = append(doc.Applications, applicationDocument(p))
	}
	return doc
}

func (r ReportRead) document() reportDocument {
	bad := []badRowDocument{}
	for _, b := range r.BadRows {
		bad = append(bad, badRowDocument(b))
	}
	return reportDocument{r.Path, append([]ReportKind{}, r.Kinds...), r.Rows, r.Foreign, r.Before, r.Undated, r.Bad, bad, r.Broken, r.NoDates}
}

func (s Sender) document() senderDocument {
	clients := []clientDocument{}
	for _, c := range s.Clients {
		clients = append(clients, clientDocument{c.Address, c.SignIns, c.Refused, c.Traced, moment(c.Last)})
	}
	return senderDocument{
		s.Mailbox, s.BasicMessages, s.OAuthMessages, s.OtherMessages, s.BasicSignIns, s.RefusedSignIns, s.Traced, s.OldTLS,
		moment(s.First), moment(s.Last), s.Exposure, s.Policy, clients, s.OtherClients, places(s.Files),
	}
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
