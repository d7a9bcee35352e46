"""A legislature for demonstrations: real files where they lie beside the checkout, else an invented one."""
