// The link's secret is in the fragment, which no browser sends. Move it into the form and open the invitation.

const find = document.getElementById("find");
if (find && location.hash.length > 1) {
  find.elements.link.value = location.hash.slice(1);
  history.replaceState(history.state, "", location.pathname);
  find.requestSubmit();
}
