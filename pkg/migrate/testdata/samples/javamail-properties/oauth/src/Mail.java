mail.smtp.host=smtp.office365.com
mail.smtp.auth.mechanisms=XOAUTH2
