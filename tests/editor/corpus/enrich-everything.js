const fetchRoles = async (domain, token) => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 1000);
  const response = await fetch(`https://${domain}/api/roles`, {
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    signal: controller.signal,
  });
  clearTimeout(timer);
  if (!response.ok) throw new Error(`roles: ${response.status}`);
  const data = await response.json();
  return data.roles.map((role) => role.name);
};

/** @type {OnExecutePostLogin} */
exports.onExecutePostLogin = async (event, api) => {
  const namespace = "https://acme.example/";
  const claims = {};
  claims.roles = event.authorization?.roles || [];
  claims[`${namespace}org`] = event.organization ? event.organization.id : null;

  const metadata = event.organization?.metadata || event.client?.metadata || event.connection?.metadata;
  const minutes = Number(metadata?.idle_minutes);
  if (minutes) {
    api.session.setIdleExpiresAt(Date.now() + minutes * 60000);
  }
  const created = event.session?.created_at ? new Date(event.session.created_at).getTime() : null;
  if (created && Date.now() - created > 86400000) {
    api.session.revoke("too old", { preserveRefreshTokens: true });
  }

  let groups = event.user.groups || [];
  if (!Array.isArray(groups)) groups = [groups];
  if (event.user.department === "Sales" || event.user.app_metadata.admin) groups.push("sales");

  let token = api.cache.get("roles-token")?.value;
  if (!token) {
    const body = new URLSearchParams();
    body.append("grant_type", "client_credentials");
    const answer = await fetch(`https://${event.secrets.DOMAIN}/oauth/token`, { method: "POST", body });
    const { access_token, expires_in } = await answer.json();
    token = access_token;
    const result = api.cache.set("roles-token", access_token, { ttl: expires_in * 1000 });
    if (result.type === "error") console.warn("not cached", result.code);
  }
  const list = [];
  for (const role of await fetchRoles(event.secrets.DOMAIN, token)) {
    list.push(role);
  }

  const confidence = event.authentication?.riskAssessment?.assessments?.NewDevice?.confidence;
  const risky = confidence && ["low", "medium"].includes(confidence);
  if (risky && event.user.multifactor?.length) {
    api.multifactor.enable("any", { allowRememberBrowser: false });
  }
  const domain = (event.user.email || "").split("@").pop().toLowerCase();
  if (domain === "example.com" && event.request.geoip.countryCode !== "NO") {
    return api.access.deny(`Not from ${event.request.geoip.countryName}`);
  }
  for (const [name, value] of Object.entries(claims)) {
    api.idToken.setCustomClaim(name, value);
    api.accessToken.setCustomClaim(name, value).accessToken.addScope("read:groups");
  }
  api.idToken.setCustomClaim(`${namespace}user`, event.user).idToken.setCustomClaim("geo", event.request.geoip);
  api.user.setAppMetadata("logins", { count: event.stats.logins_count, groups, list });
  api.user.setUserMetadata("last", null);
  api.samlResponse.setAttribute("http://schemas.example/groups", groups);
};
