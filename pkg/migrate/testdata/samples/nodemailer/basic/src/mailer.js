const transporter = nodemailer.createTransport({
  host: "smtp.office365.com",
  port: 587,
  secure: false,
  auth: { user: "alerts@contoso.example", pass: "Example-Pa55word" },
});
