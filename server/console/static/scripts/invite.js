// The secret of the link stands in the fragment, which no browser sends: move it into the form and open the invitation.

const find = document.getElementById("find");
if (find && location.hash.length > 1) {
  find.elements.link.value = location.hash.slice(1);
  history.replaceState(history.state, "", location.pathname);
  find.requestSubmit();
}
