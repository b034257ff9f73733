package sandbox

// entraRefusal is one refusal of an endpoint of Entra or of a managed identity.
type entraRefusal struct {
	id       string
	code     int    // AADSTS number; 0 where there is none
	oauth    string // error (RFC 6749 section 5.2); chosen by the kind of fault where it is not known
	suberror string
	text     string // start of error_description; the number alone where no text is known
	about    string
	flows    flow  // the flows that can meet it
	at       phase // of those flows
}

func entraRefusals() []entraRefusal {
	all := append(appRefusals(), signInRefusals()...)
	return append(all, identityRefusals()...)
}

// appRefusals are the refusals that an application without a user can meet, in Entra's own words.
func appRefusals() []entraRefusal {
	return []entraRefusal{
		{"aadsts-100007", 100007, "invalid_request", "", "AADSTS100007", "The regional token endpoint does not serve this app", asApp, onGrant},
		{"aadsts-1002012", 1002012, "invalid_scope", "", "AADSTS1002012: The provided value for scope https://outlook.office.com/SMTP.Send is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).", "A client-credentials request named a single permission", asApp, onGrant},
		{"aadsts-1002016", 1002016, "invalid_request", "", "AADSTS1002016: You are using TLS version 1.0, 1.1 and/or 3DES cipher which are deprecated to improve the security posture of Azure AD.", "The HTTPS client uses TLS 1.0, TLS 1.1 or 3DES", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-240002", 240002, "invalid_client", "", "AADSTS240002", "An ID token was used as a jwt-bearer grant", asApp, onGrant},
		{"aadsts-392189", 392189, "invalid_client", "", "AADSTS392189", "The mutual-TLS token endpoint does not take this kind of credential", asApp, onGrant},
		{"aadsts-392200", 392200, "invalid_request", "", "AADSTS392200: Client certificate is missing from the request.", "No client certificate came with the TLS connection to the mutual-TLS endpoint", asApp, onGrant},
		{"aadsts-392204", 392204, "invalid_client", "", "AADSTS392204", "The client certificate of the TLS connection has expired", asApp, onGrant},
		{"aadsts-50000", 50000, "temporarily_unavailable", "", "AADSTS50000", "The sign-in service had a fault", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-50001", 50001, "invalid_scope", "", "AADSTS50001", "The resource does not exist or is disabled", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-500011", 500011, "invalid_resource", "", "AADSTS500011: The resource principal named https://outlook.office.example was not found in the tenant named Contoso. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.", "No service principal with that resource name exists in the tenant", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-500014", 500014, "invalid_request", "", "AADSTS500014: The service principal for resource 'https://outlook.office.com' is disabled. This indicates that a subscription within the tenant has lapsed, or that the administrator for this tenant has disabled the application, preventing tokens from being issued for it.", "The service principal of the resource is disabled, mostly because a subscription lapsed", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-5000224", 5000224, "invalid_request", "", "AADSTS5000224", "The tenant is blocked", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-50003", 50003, "invalid_request", "", "AADSTS50003", "The app has no signing key or certificate where one is needed", asApp | byDevice | byBrowser | byRefresh, onGrant},
		{"aadsts-50006", 50006, "invalid_client", "", "AADSTS50006", "A signature check failed", asApp | byDevice | byBrowser | byRefresh, onGrant},
		{"aadsts-5000811", 5000811, "invalid_client", "", "AADSTS5000811: Unable to verify token signature. The signing key identifier does not match any valid registered keys.", "A token or assertion is signed with a key the service does not know", asApp | byDevice | byBrowser | byRefresh, onGrant},
		{"aadsts-50010", 50010, "invalid_request", "", "AADSTS50010", "The app accepts no audience that fits the request", asApp, onGrant},
		{"aadsts-50012", 50012, "invalid_client", "", "AADSTS50012: Client assertion contains an invalid signature. [Reason - The key was not found., Thumbprint of key used by client: '0000000000000000000000000000000000000000']", "Certificate or assertion refused", asApp, onGrant},
		{"aadsts-50013", 50013, "invalid_client", "", "AADSTS50013", "The assertion is invalid (expired, malformed, wrong issuer version)", asApp, onGrant},
		{"aadsts-500131", 500131, "invalid_client", "", "AADSTS500131", "The audience of the assertion is another app (on-behalf-of flow)", asApp, onGrant},
		{"aadsts-500133", 500133, "invalid_client", "", "AADSTS500133: Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, or request a new token.", "The assertion is outside its time range", asApp, onGrant},
		{"aadsts-50017", 50017, "invalid_client", "", "AADSTS50017", "The certificate chain could not be validated or its revocation list not be fetched", asApp, onGrant},
		{"aadsts-500181", 500181, "invalid_request", "", "AADSTS500181", "The certificate of the TLS connection is not the one the token is bound to", asApp, onGrant},
		{"aadsts-50027", 50027, "invalid_request", "", "AADSTS50027: JWT token is invalid or malformed.", "The JWT cannot be used", asApp, onGrant},
		{"aadsts-5002723", 5002723, "invalid_client", "", "AADSTS5002723", "The assertion header lacks the certificate thumbprint or key id", asApp, onGrant},
		{"aadsts-5002727", 5002727, "invalid_request", "", "AADSTS5002727", "The typ header of the assertion is not JWT", asApp, onGrant},
		{"aadsts-5002730", 5002730, "invalid_client", "", "AADSTS5002730", "The algorithm of the assertion is not accepted for this kind of credential (PS256/SHA-2 was reported)", asApp, onGrant},
		{"aadsts-5002738", 5002738, "invalid_client", "", "AADSTS5002738", "The assertion is signed with HS256, which is not supported", asApp, onGrant},
		{"aadsts-50033", 50033, "temporarily_unavailable", "", "AADSTS50033", "A fault that passes", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-50048", 50048, "invalid_client", "", "AADSTS50048", "sub and iss of the assertion differ", asApp, onGrant},
		{"aadsts-50049", 50049, "invalid_instance", "", "AADSTS50049: Unknown or invalid instance.", "The authority host is unknown (typo or a private cloud)", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-500531", 500531, "unauthorized_client", "", "AADSTS500531", "The source address is blocked for legal reasons", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-50059", 50059, "invalid_request", "", "AADSTS50059: No tenant-identifying information found in either the request or implied by any provided credentials.", "No tenant can be told from the request, for example a client-credentials call on /common", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-50107", 50107, "invalid_request", "", "AADSTS50107: Requested federation realm object 'http://contoso.example/adfs/services/trust' does not exist.", "The federation realm named in the token is not set up in the tenant", asApp, onGrant},
		{"aadsts-50120", 50120, "invalid_client", "", "AADSTS50120", "The JWT header is wrong", asApp, onGrant},
		{"aadsts-50128", 50128, "invalid_request", "", "AADSTS50128: Invalid domain name - No tenant-identifying information found in either the request or implied by any provided credentials.", "The domain of the account or in the URL belongs to no tenant", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-50146", 50146, "invalid_request", "", "AADSTS50146", "The app must have an app-specific signing key and it is missing, expired or not valid yet", asApp | byDevice | byBrowser | byRefresh, onGrant},
		{"aadsts-501461", 501461, "invalid_request", "", "AADSTS501461: AcceptMappedClaims is only supported for a token audience matching the application GUID or an audience within the tenant's verified domains.", "Claims mapping is on for an app without its own signing key and with a foreign audience", asApp | byDevice | byBrowser | byRefresh, onGrant},
		{"aadsts-50171", 50171, "invalid_client", "", "AADSTS50171", "Client authentication failed with an assertion", asApp, onGrant},
		{"aadsts-50196", 50196, "invalid_grant", "", "AADSTS50196: The server terminated an operation because it encountered a loop while processing a request", "Too many equal requests in a short time", asApp | byDevice | byBrowser | byRefresh, onGrant},
		{"aadsts-51000", 51000, "invalid_request", "", "AADSTS51000: MtlsClientAuth is/are disabled", "A feature that the request needs is off for the tenant or app", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-53003", 53003, "interaction_required", "", "AADSTS53003: Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.", "A Conditional Access policy blocks the sign-in (user, location, app, device code flow or workload identity)", asApp | byDevice | byBrowser | byRefresh, onPerson},
		{"aadsts-650052", 650052, "invalid_request", "", `AADSTS650052: The app needs access to a service ("outlook.office.com") that your organization "Contoso" has not subscribed to or enabled. Contact your IT Admin to review the configuration of your service subscriptions.`, "The tenant has no subscription for, or has not switched on, the service behind the requested scope", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-650053", 650053, "invalid_client", "", "AADSTS650053: The application 'o365mail' asked for scope 'SMTP.SendAs' that doesn't exist on the resource '00000003-0000-0000-c000-000000000000'. Contact the app vendor.", "The scope name does not exist on that resource", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-650056", 650056, "invalid_request", "", "AADSTS650056: Misconfigured application. This could be due to one of the following: the client has not listed any permissions for 'Office 365 Exchange Online' in the requested permissions in the client's application registration.", "The registration lists no permission for the resource, or consent is missing, or the client id belongs to another app", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-70001", 70001, "invalid_request", "", "AADSTS70001", "The application is disabled or unknown", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-700011", 700011, "invalid_request", "", "AADSTS700011: Application with identifier 00000000-0000-0000-0000-000000000000 was not found in the directory.", "The client app does not exist in the tenant that was asked", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-7000110", 7000110, "invalid_request", "", "AADSTS7000110: Request is ambiguous, multiple application identifiers found.", "The request names several applications (for example a client id in the body and another in the Authorization header or assertion)", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-7000112", 7000112, "invalid_request", "", "AADSTS7000112: Application '00000002-0000-0ff1-ce00-000000000000'(Office 365 Exchange Online) is disabled.", "The app (or the Exchange Online service principal named in the text) is disabled in the tenant", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-7000114", 7000114, "invalid_request", "", "AADSTS7000114: Application '00000000-0000-0000-0000-000000000000' is not allowed to make application on-behalf-of calls.", "The app may not make on-behalf-of calls", asApp | byBrowser | byRefresh, onGrant},
		{"aadsts-700016", 700016, "unauthorized_client", "", "AADSTS700016: Application with identifier '00000000-0000-0000-0000-000000000000' was not found in the directory 'Contoso'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.", "The client id is unknown in this tenant", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-70002", 70002, "invalid_client", "", "AADSTS70002: The request body must contain the following parameter: 'client_secret or client_assertion'.", "Old wrapper for credential faults", asApp | byDevice | byBrowser | byRefresh, onGrant},
		{"aadsts-700021", 700021, "invalid_client", "", "AADSTS700021: Client assertion application identifier doesn't match 'client_id' parameter.", "The assertion names another client id (iss or sub) than the request", asApp, onGrant},
		{"aadsts-7000215", 7000215, "invalid_client", "", "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '00000000-0000-0000-0000-000000000000'.", "The client secret is wrong", asApp | byBrowser | byRefresh, onGrant},
		{"aadsts-700022", 700022, "invalid_scope", "", "AADSTS700022", "Scopes of two resources were asked for in one token request", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-7000222", 7000222, "invalid_client", "", "AADSTS7000222: The provided client secret keys for app '00000000-0000-0000-0000-000000000000' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.", "The client secret has expired", asApp | byBrowser | byRefresh, onGrant},
		{"aadsts-700023", 700023, "invalid_scope", "", "AADSTS700023", "The scope list names no resource (for example only offline_access or openid)", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-700024", 700024, "invalid_client", "", "AADSTS700024: Client assertion is not within its valid time range. Current time: 2025-01-01T00:00:00.0000000Z, assertion valid from 2024-12-31T23:00:00.0000000Z, expiry time of assertion 2024-12-31T23:10:00.0000000Z.", "The client assertion is too old, not valid yet, or lives too long", asApp, onGrant},
		{"aadsts-700027", 700027, "invalid_client", "", "AADSTS700027: Client assertion contains an invalid signature. [Reason - The key was not found.]", "The signature of the client assertion could not be checked", asApp, onGrant},
		{"aadsts-70003", 70003, "unsupported_grant_type", "", "AADSTS70003", "The grant_type is unknown to the endpoint", asApp | byDevice | byBrowser | byRefresh, onGrant},
		{"aadsts-700030", 700030, "invalid_client", "", "AADSTS700030: Invalid certificate - subject name in certificate is not authorized. SubjectNames/SubjectAlternativeNames (up to 10) in token certificate are: CN=example.", "The subject name of the certificate is not on the list of allowed names", asApp, onGrant},
		{"aadsts-70011", 70011, "invalid_scope", "", "AADSTS70011: The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope https://outlook.office.com/SMTP.Sendd offline_access is not valid.", "The scope string is malformed", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-70021", 70021, "invalid_request", "", "AADSTS70021: No matching federated identity record found for presented assertion.", "No federated credential of the app fits issuer, subject and audience of the presented token", asApp, onGrant},
		{"aadsts-700211", 700211, "invalid_client", "", "AADSTS700211: No matching federated identity record found for presented assertion issuer 'https://token.actions.githubusercontent.com'.", "No federated credential has this issuer", asApp, onGrant},
		{"aadsts-700212", 700212, "invalid_client", "", "AADSTS700212: No matching federated identity record found for presented assertion audience 'https://gitlab.example'. Please check your federated identity credential Subject, Audience and Issuer against the presented assertion.", "No federated credential has this audience", asApp, onGrant},
		{"aadsts-700213", 700213, "invalid_client", "", "AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:contoso/app:ref:refs/heads/main'. Please check your federated identity credential Subject, Audience and Issuer against the presented assertion.", "No federated credential has this subject", asApp, onGrant},
		{"aadsts-7002131", 7002131, "invalid_client", "", "AADSTS7002131", "The flexible federated credential expression does not match", asApp, onGrant},
		{"aadsts-700229", 700229, "invalid_client", "", "AADSTS700229: Only app-only tokens can be used as Federated Identity Credentials for AAD issuer.", "A user token was presented where only an app-only token of Entra may serve as federated credential", asApp, onGrant},
		{"aadsts-700231", 700231, "invalid_client", "", "AADSTS700231", "Federated credentials cannot be chained this way", asApp, onGrant},
		{"aadsts-90002", 90002, "invalid_request", "", "AADSTS90002: Tenant 'contoso.example' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.", "The tenant id or domain in the URL does not exist in this cloud", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-900021", 900021, "invalid_request", "", "AADSTS900021: Requested tenant identifier '00000000-0000-0000-0000-000000000000' is not valid. Tenant identifiers may not be an empty GUID.", "The tenant id is the empty GUID or empty", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-900023", 900023, "invalid_request", "", "AADSTS900023: Specified tenant identifier 'contoso' is neither a valid DNS name, nor a valid external domain.", "The tenant part of the URL is neither a domain nor a GUID", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-90006", 90006, "temporarily_unavailable", "", "AADSTS90006", "The service is unavailable for the moment", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-90009", 90009, "invalid_scope", "", "AADSTS90009", "The app asks for a token for itself by name instead of by its id", asApp, onGrant},
		{"aadsts-9001023", 9001023, "invalid_request", "", "AADSTS9001023: The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.", "The grant type does not work on /common or /consumers", asApp | byDevice, onRequest},
		{"aadsts-90012", 90012, "temporarily_unavailable", "", "AADSTS90012", "The request timed out", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-90013", 90013, "invalid_request", "", "AADSTS90013", "Something entered is not valid", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-90014", 90014, "invalid_request", "", "AADSTS90014: The required field 'iss' is missing from the credential. Ensure that you have all the necessary parameters for the login request.", "A required field is missing", asApp | byDevice | byBrowser | byRefresh, onGrant},
		{"aadsts-900144", 900144, "invalid_request", "", "AADSTS900144: The request body must contain the following parameter: 'grant_type'.", "A required body parameter is missing", asApp | byDevice | byBrowser | byRefresh, onGrant},
		{"aadsts-90016", 90016, "invalid_client", "", "AADSTS90016", "A token lacks a claim", asApp, onGrant},
		{"aadsts-90019", 90019, "invalid_request", "", "AADSTS90019", "The tenant could not be told from the request", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-90023", 90023, "invalid_request", "", "AADSTS90023: No applicable permissions were found for this user.", "The request is not valid for this account or app", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-90024", 90024, "temporarily_unavailable", "", "AADSTS90024", "A fault that passes", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-90033", 90033, "temporarily_unavailable", "", "AADSTS90033", "The directory service is unavailable", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-90036", 90036, "temporarily_unavailable", "", "AADSTS90036", "The directory service failed for good", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-90038", 90038, "invalid_request", "", "AADSTS90038: The specified tenant 'Y' belongs to the National Cloud 'X'. Current cloud instance 'Z' does not federate with X.", "The tenant lives in another national cloud", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-900382", 900382, "invalid_request", "", "AADSTS900382: Confidential Client isn't supported in Cross Cloud request.", "A confidential client cannot be used across clouds", asApp | byBrowser | byRefresh, onRequest},
		{"aadsts-900384", 900384, "invalid_client", "", "AADSTS900384: JWT token failed signature validation.", "A JWT failed its signature check", asApp, onGrant},
		{"aadsts-900432", 900432, "invalid_request", "", "AADSTS900432: Confidential Client isn't supported in Cross Cloud request.", "A confidential client cannot be used across clouds", asApp | byBrowser | byRefresh, onRequest},
		{"aadsts-900439", 900439, "invalid_request", "", "AADSTS900439", "A US Government app was used on the public endpoint", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-90051", 90051, "invalid_request", "", "AADSTS90051", "The national cloud id in the request is invalid", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-90055", 90055, "temporarily_unavailable", "", "AADSTS90055", "Too many requests for this tenant", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-900561", 900561, "invalid_request", "", "AADSTS900561: The endpoint only accepts POST requests. Received a GET request.", "The endpoint got the wrong HTTP verb", asApp | byDevice | byBrowser | byRefresh, onGrant},
		{"aadsts-90090", 90090, "temporarily_unavailable", "", "AADSTS90090", "The service is unavailable for the moment", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-90091", 90091, "temporarily_unavailable", "", "AADSTS90091", "The directory service cannot be reached", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-90092", 90092, "temporarily_unavailable", "", "AADSTS90092", "The directory refused the request for good", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-90100", 90100, "invalid_request", "", "AADSTS90100", "A parameter is empty or not valid", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-901002", 901002, "invalid_request", "", "AADSTS901002: The 'resource' request parameter isn't supported.", "A v1 parameter was sent to the v2 endpoint", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-90102", 90102, "invalid_request", "", "AADSTS90102", "A value must be a full URI", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-90124", 90124, "invalid_request", "", "AADSTS90124", "The resource does not work on /common or /consumers", asApp | byDevice | byBrowser | byRefresh, onRequest},
		{"aadsts-90130", 90130, "invalid_request", "", "AADSTS90130", "The app does not work on /common or /consumers", asApp | byDevice | byBrowser | byRefresh, onRequest},
	}
}

// identityRefusals are those of a managed identity's endpoint.
func identityRefusals() []entraRefusal {
	return []entraRefusal{
		{"imds-identity-not-found", 0, "invalid_request", "", "Identity not found", "The virtual machine has no managed identity, or the given client id is not assigned to it", byIdentity, onGrant},
		{"imds-gateway-timeout", 0, "temporarily_unavailable", "", "The managed identity endpoint returned a gateway error", "The metadata service answered with a gateway error", byIdentity, onGrant},
	}
}
