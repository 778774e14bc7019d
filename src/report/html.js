// The page works without this: it filters the list.
(function () {
  'use strict';
  var form = document.querySelector('.bar form');
  var dossiers = Array.prototype.slice.call(document.querySelectorAll('details.dossier'));
  form.hidden = false;
  // What a link leads to is shown, also where the list leaves it out.
  function open() {
    var d = document.getElementById(location.hash.slice(1));
    if (d && d.classList.contains('dossier')) { d.classList.remove('gone'); d.open = true; d.scrollIntoView(); }
  }
  window.addEventListener('hashchange', open);
  open();
  function apply() {
    var text = form.q.value.trim().toLowerCase();
    var labels = Array.prototype.map.call(form.querySelectorAll('input:checked'), function (i) { return i.value; });
    dossiers.forEach(function (d) {
      var fits = labels.indexOf(d.dataset.label) >= 0 && (!text || d.textContent.toLowerCase().indexOf(text) >= 0);
      d.classList.toggle('gone', !fits);
    });
  }
  form.addEventListener('input', apply);
  form.addEventListener('submit', function (e) { e.preventDefault(); });
})();
