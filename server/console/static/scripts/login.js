// Fill the form with a demo login.

for (const button of document.querySelectorAll(".demo-login")) {
  button.addEventListener("click", () => {
    document.getElementById("email").value = button.dataset.email;
    document.getElementById("password").value = button.dataset.password;
    document.querySelector("[data-testid='login-submit']").focus();
  });
}
