exports.greet = () => "hello";
// @reconciler {"v":1}
