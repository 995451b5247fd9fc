{
    "name": "Upomínky: how to add to it",
    "summary": "Follows docs/extending.md to the letter, and shows that it is true",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Upomínky maintainers",
    "license": "LGPL-3",
    "depends": ["upominky_addon"],
}
