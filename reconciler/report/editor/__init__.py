"""What an editor is told of the code of Actions: TypeScript declarations made from the catalogue, and the projects that
tie each action to its own."""
