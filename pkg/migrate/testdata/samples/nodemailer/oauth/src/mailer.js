const transporter = nodemailer.createTransport({
  host: "smtp.office365.com", port: 587, secure: false,
  auth: { type: "OAuth2", user: "alerts@contoso.example", accessToken },
});
