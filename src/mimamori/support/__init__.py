"""Case work: from a finding to help that arrives. States are one table (`states`), writes are verbs (`actions`)."""
