gitlab_rails['smtp_enable'] = false
gitlab_rails['microsoft_graph_mailer_enabled'] = true
