// Runs before the page is drawn, so that nothing is drawn twice: tells the styles that scripts run.
document.body.className +=
  " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");
