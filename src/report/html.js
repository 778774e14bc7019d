// The page works without this: it filters the list.
(function () {
  'use strict';
  var form = document.querySelector('.bar form');
  var dossiers = Array.prototype.slice.call(document.querySelectorAll('details.dossier'));
  form.hidden = false;
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
