// Move the code from the address bar to the companion app. It never reaches the server.

const place = document.getElementById("landing");
if (place.dataset.handle) {
  location.replace(`/app/#/u/${place.dataset.handle}`);
} else {
  const code = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  if (/^[A-Za-z0-9_-]{21}[AQgw]$/.test(code)) location.replace(`/app/#/l/${code}`);
  else document.getElementById("no-code").hidden = false;
}
